import { answerTwilio } from '$lib/server/http/answer-twilio';
import { receiveTwilioVoice } from '$lib/server/webhooks/receive-twilio-voice';

export const POST = answerTwilio(receiveTwilioVoice);
