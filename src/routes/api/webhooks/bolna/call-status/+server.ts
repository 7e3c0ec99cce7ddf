import { answerKeyed } from '$lib/server/http/answer-keyed';
import { receiveBolnaStatus } from '$lib/server/webhooks/receive-bolna-status';

export const POST = answerKeyed(receiveBolnaStatus);
