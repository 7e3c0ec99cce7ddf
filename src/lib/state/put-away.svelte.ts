import { putAwayCookie, readPutAway } from './put-away-cookie';

/** The warning that a person has put away: it stays so until it gets worse, and once it is over it is forgotten. */
export class PutAway {
	#userId: string;
	#level = $state(0);

	/** @param cookie what the server read of an earlier page */
	constructor(userId: string, cookie: string | null) {
		this.#userId = userId;
		this.#level = readPutAway(cookie, userId);
	}

	get level(): number {
		return this.#level;
	}

	put(level: number): void {
		this.#level = level;
		document.cookie = putAwayCookie(this.#userId, level);
	}

	/** It got better: from here on, worse is worse again. */
	lower(level: number): void {
		if (level < this.#level) this.put(level);
	}
}
