/**
 * A browser that nobody looks into while it works: the tools that drive a page keep all that its stream has
 * brought, and every so often put it away in the page's own thread. So the page notes by itself what it shows and
 * when, and is asked afterwards.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type Page } from 'playwright-core';
import { resolveChromium } from '../../support/chromium';

/** A long task of the page, from its opening. */
export interface Task {
	atMs: number;
	ms: number;
}
/** A long frame, and what took its time; no script where the page only collects garbage. */
export interface Frame extends Task {
	styleMs: number;
	scripts: string[];
}
/** What the page showed, and when (as Unix time). */
export interface Shown {
	text: string;
	atMs: number;
}
export interface Noted {
	tasks: Task[];
	frames: Frame[];
	shown: Shown[];
}
interface Notes extends Noted {
	followsFromMs: number;
}
/** As Chromium gives it; the types of the DOM do not know it yet. */
interface FrameEntry extends PerformanceEntry {
	styleAndLayoutStart: number;
	scripts: { invoker: string; sourceFunctionName: string; sourceURL: string; duration: number }[];
}

export class UnwatchedBrowser {
	private constructor(
		private readonly process: ChildProcess,
		private readonly endpoint: string,
		private readonly dir: string
	) {}

	static async launch(): Promise<UnwatchedBrowser> {
		const { executablePath, args } = await resolveChromium();
		const dir = await mkdtemp(path.join(tmpdir(), 'talktime-browser-'));
		const own = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${dir}`];
		const child = spawn(executablePath, [...args, ...own, '--window-size=1440,900'], {
			stdio: ['ignore', 'ignore', 'pipe']
		});
		for await (const line of createInterface({ input: child.stderr })) {
			const endpoint = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
			if (endpoint === undefined) continue;
			child.stderr.resume();
			return new UnwatchedBrowser(child, endpoint, dir);
		}
		throw new Error(`${executablePath} did not start.`);
	}

	/** Drives the one page, and lets go of it afterwards; it stays open. */
	async drive<Result>(work: (page: Page) => Promise<Result>): Promise<Result> {
		const browser: Browser = await chromium.connectOverCDP(this.endpoint);
		try {
			const context = browser.contexts()[0];
			if (!context) throw new Error('The browser has no window.');
			return await work(context.pages()[0] ?? (await context.newPage()));
		} finally {
			await browser.close();
		}
	}

	async close(): Promise<void> {
		const ended = new Promise((resolve) => this.process.once('exit', resolve));
		this.process.kill();
		await ended;
		await rm(this.dir, { recursive: true, force: true });
	}
}

/** Every page opened from now on notes its long tasks and frames. */
export async function noteTasks(page: Page): Promise<void> {
	await page.addInitScript(() => {
		const notes: Notes = { tasks: [], frames: [], shown: [], followsFromMs: 0 };
		Object.assign(window, { notes });
		new PerformanceObserver((list) => {
			for (const { startTime, duration } of list.getEntries()) {
				notes.tasks.push({ atMs: Math.round(startTime), ms: Math.round(duration) });
			}
		}).observe({ type: 'longtask' });
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries() as FrameEntry[]) {
				const { startTime, duration, styleAndLayoutStart, scripts } = entry;
				const styleMs = styleAndLayoutStart && startTime + duration - styleAndLayoutStart;
				notes.frames.push({
					atMs: Math.round(startTime),
					ms: Math.round(duration),
					styleMs: Math.round(styleMs),
					scripts: scripts.map(
						({ duration, invoker, sourceFunctionName, sourceURL }) =>
							`${Math.round(duration)} ms ${invoker} ${sourceFunctionName} ${sourceURL}`
					)
				});
			}
		}).observe({ type: 'long-animation-frame' });
	});
}

/** The page notes from now on what an element shows. Its opening took what it took, and is no part of it. */
export async function noteText(page: Page, testId: string): Promise<void> {
	await page.getByTestId(testId).waitFor();
	await page.evaluate(async (testId) => {
		for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
		const { notes } = window as unknown as { notes: Notes };
		const element = document.querySelector(`[data-testid="${testId}"]`);
		if (!element) throw new Error(`${testId} is not there.`);
		notes.followsFromMs = performance.now();
		notes.shown.push({ text: element.textContent, atMs: Date.now() });
		new MutationObserver(() => {
			notes.shown.push({ text: element.textContent, atMs: Date.now() });
		}).observe(element, { subtree: true, childList: true, characterData: true });
	}, testId);
}

export async function readNotes(page: Page): Promise<Noted> {
	const { followsFromMs, ...noted } = await page.evaluate(
		() => (window as unknown as { notes: Notes }).notes
	);
	const isSince = ({ atMs }: Task) => atMs >= followsFromMs;
	return { ...noted, tasks: noted.tasks.filter(isSince), frames: noted.frames.filter(isSince) };
}
