/** What a webhook is answered with. */
export interface WebhookAnswer {
	status: 200 | 400 | 403 | 503;
	body: string;
	contentType?: string;
}
