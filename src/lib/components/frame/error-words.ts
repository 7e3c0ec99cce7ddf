export interface ErrorWords {
	title: string;
	text: string;
	/** Whether the same page may come right by itself. */
	isPassing: boolean;
}

/** What a page says when it cannot be shown: what, why, and what to do. */
export function errorWords(status: number, message: string | undefined): ErrorWords {
	if (status === 404) {
		return {
			title: 'There is no page here',
			text: 'The address is mistyped, or what it named is gone.',
			isPassing: false
		};
	}
	if (status === 401 || status === 403) {
		return {
			title: 'This page is not for your account',
			text: `${message ?? 'Your role does not allow this.'} Ask your administrator if you need it.`,
			isPassing: false
		};
	}
	if (status === 429) {
		return {
			title: 'Too many requests',
			text: 'Wait a minute, then load the page again.',
			isPassing: true
		};
	}
	return {
		title: 'This page could not be shown',
		text: 'Something failed on our side. Calls in progress go on and are charged as usual. Load the page again in a moment.',
		isPassing: true
	};
}
