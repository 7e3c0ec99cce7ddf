function required(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set: run the end-to-end tests through Playwright.`);
	return value;
}

/** Addresses of the stack that tests/support/global-stack.ts started. */
export const stackAddresses = {
	get origin() {
		return required('TALKTIME_E2E_ORIGIN');
	},
	get databaseUrl() {
		return required('TALKTIME_E2E_DATABASE_URL');
	},
	get sandboxUrl() {
		return required('TALKTIME_E2E_SANDBOX_URL');
	},
	get authToken() {
		return required('TALKTIME_E2E_AUTH_TOKEN');
	}
};
