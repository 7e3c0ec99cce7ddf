import { answerTwilio } from '$lib/server/http/answer-twilio';
import { receiveTwilioDialled } from '$lib/server/webhooks/receive-twilio-dialled';

export const POST = answerTwilio(receiveTwilioDialled);
