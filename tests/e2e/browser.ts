import { expect, type Browser, type Page } from '@playwright/test';
import { stackAddresses } from './environment';

/** A window of its own, signed in through the form as a person would. */
export async function signInWindow(
	browser: Browser,
	email: string,
	password: string
): Promise<Page> {
	const context = await browser.newContext({ baseURL: stackAddresses.origin });
	const page = await context.newPage();
	await page.goto('/login');
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page).not.toHaveURL(/login/);
	return page;
}

/** Resolves with the page's clock at the moment an element first shows the text. */
export function momentOfText(page: Page, selector: string, text: string): Promise<number> {
	return page.evaluate(
		([selector, text]) =>
			new Promise<number>((resolve) => {
				const look = () => {
					const isShown = document.querySelector(selector ?? '')?.textContent?.trim() === text;
					if (isShown) resolve(Date.now());
					else requestAnimationFrame(look);
				};
				look();
			}),
		[selector, text]
	);
}
