import { answerKeyed } from '$lib/server/http/answer-keyed';
import { receiveExotelStatus } from '$lib/server/webhooks/receive-exotel-status';

export const POST = answerKeyed(receiveExotelStatus);
