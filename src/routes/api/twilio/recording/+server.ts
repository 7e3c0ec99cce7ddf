import { answerTwilio } from '$lib/server/http/answer-twilio';
import { receiveTwilioRecording } from '$lib/server/webhooks/receive-twilio-recording';

export const POST = answerTwilio(receiveTwilioRecording);
