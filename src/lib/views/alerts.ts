import type { AlertKind } from '../domain/alerts/kinds';

/** Something that somebody should know. */
export interface AlertView {
	id: string;
	/** Null: it is about the platform. */
	organizationId: number | null;
	organizationName: string | null;
	kind: AlertKind;
	/** 1 to 3, the higher the worse. */
	level: number;
	title: string;
	message: string;
	/** Whether people were told; false: it came again soon after. */
	isTold: boolean;
	raisedAt: string;
	resolvedAt: string | null;
}

/** The newest alerts, and how many of them a person has not looked at yet. */
export interface AlertInboxView {
	rows: AlertView[];
	nextCursor: string | null;
	unseen: number;
}

/** How a person wants to be told of one kind. */
export interface AlertPreferenceView {
	kind: AlertKind;
	isToasted: boolean;
	isMailed: boolean;
}

/** An address of an organisation's own that is posted its alerts. */
export interface WebhookEndpointView {
	id: string;
	url: string;
	createdAt: string;
	createdBy: string | null;
	/** Until when the secret before signs too; null: there is only one. */
	previousSecretUntil: string | null;
	/** What became of the newest messages. */
	messages: WebhookMessageView[];
}

export interface WebhookMessageView {
	id: string;
	type: string;
	state: 'waiting' | 'sent' | 'failed';
	attempts: number;
	note: string | null;
	createdAt: string;
	/** When it is tried again. */
	nextAt: string | null;
}

/** A mail as it was or would be sent. */
export interface MailView {
	id: number;
	to: string;
	subject: string;
	text: string;
	state: 'waiting' | 'sent' | 'failed';
	failure: string | null;
	createdAt: string;
	sentAt: string | null;
}
