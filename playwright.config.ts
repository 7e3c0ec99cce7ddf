import { defineConfig } from '@playwright/test';
import { resolveChromium } from './tests/support/chromium';

const { executablePath, args } = await resolveChromium();

export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '**/*.e2e.ts',
	outputDir: 'test-results/e2e',
	globalSetup: './tests/support/global-stack.ts',
	workers: 1,
	forbidOnly: Boolean(process.env.CI),
	reporter: 'list',
	// Generous: a machine that is busy must not look like a fault.
	timeout: 120_000,
	expect: { timeout: 15_000 },
	use: {
		baseURL: process.env.TALKTIME_E2E_ORIGIN,
		browserName: 'chromium',
		launchOptions: { executablePath, args },
		// Pictures of each moment would cost the browser half its pace.
		trace: { mode: 'retain-on-failure', screenshots: false },
		locale: 'en-US',
		timezoneId: 'UTC'
	}
});
