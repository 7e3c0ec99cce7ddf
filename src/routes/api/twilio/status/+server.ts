import { answerTwilio } from '$lib/server/http/answer-twilio';
import { receiveTwilioStatus } from '$lib/server/webhooks/receive-twilio-status';

export const POST = answerTwilio(receiveTwilioStatus);
export const GET = POST;
