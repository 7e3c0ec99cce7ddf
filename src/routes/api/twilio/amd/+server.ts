import { answerTwilio } from '$lib/server/http/answer-twilio';
import { receiveTwilioMachine } from '$lib/server/webhooks/receive-twilio-machine';

export const POST = answerTwilio(receiveTwilioMachine);
