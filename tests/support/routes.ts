/** The routes of the app, as their files say: a new one is seen by every test that walks them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROUTES = path.resolve('src/routes');

export interface Route {
	/** As people write it, for example `/api/calls/[id]`. */
	path: string;
	file: string;
}

/** Every route that answers by itself. */
export const serverRoutes = (): Route[] => routesOf('+server.ts');
/** Every page with a server's part: what it loads, and the actions of its forms. */
export const pageRoutes = (): Route[] => routesOf('+page.server.ts');
/** Every page that is drawn. */
export const drawnRoutes = (): Route[] => routesOf('+page.svelte');

function routesOf(fileName: string): Route[] {
	return readdirSync(ROUTES, { recursive: true, encoding: 'utf8' })
		.map((file) => file.split(path.sep).join('/'))
		.filter((file) => path.basename(file) === fileName)
		.map((file) => {
			const folder = path.posix.dirname(file).replace(/\([^)]*\)\/?/g, '');
			return { path: folder === '.' ? '/' : `/${folder}`, file: path.join(ROUTES, file) };
		})
		.sort((one, other) => one.path.localeCompare(other.path));
}

/** What a route that answers by itself answers to. */
export function methodsOf({ file }: Route): string[] {
	const text = readFileSync(file, 'utf8');
	const exported = text.matchAll(/^export const (GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b/gm);
	return [...exported].map(([, method]) => method ?? '').sort();
}
