import { expect, test as base, type Browser, type Locator, type Page } from '@playwright/test';
import { stackAddresses } from './environment';

/** Playwright's, and each test's windows are closed behind it: live pages that nobody looks at cost the next test its pace. */
export const test = base.extend<{ closedWindows: void }>({
	closedWindows: [
		async ({ browser }, use) => {
			await use();
			await Promise.all(browser.contexts().map((context) => context.close()));
		},
		{ auto: true }
	]
});

/** A window of its own, signed in through the form as a person would. */
export async function signInWindow(
	browser: Browser,
	email: string,
	password: string,
	/** Of another stack than the run's. */
	origin: string = stackAddresses.origin
): Promise<Page> {
	const context = await browser.newContext({
		baseURL: origin,
		reducedMotion: 'reduce'
	});
	const page = await context.newPage();
	await page.goto('/login');
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page).not.toHaveURL(/login/);
	return page;
}

/** Resolves with the page's clock at the moment something within a place first shows the text. */
export function momentOfText(place: Locator, selector: string, text: string): Promise<number> {
	return place.evaluate(
		(element, [selector, text]) =>
			new Promise<number>((resolve) => {
				const look = () => {
					const isShown = element.querySelector(selector ?? '')?.textContent?.trim() === text;
					if (isShown) resolve(Date.now());
					else requestAnimationFrame(look);
				};
				look();
			}),
		[selector, text]
	);
}
