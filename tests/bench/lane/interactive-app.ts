/**
 * The built app itself, with one difference: where it would submit a delivery to the lane, it runs one
 * interactive transaction (interactive-transaction.ts) on its own pool. Server, SvelteKit, signature
 * check and form reading are the app's. Its live hub is closed: it tells no browsers, which only helps it.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import postgres from 'postgres';
import type { Command } from '$lib/domain/lane/commands';
import type { Services } from '$lib/server/services';
import { applyInTransaction } from './interactive-transaction';

await import(pathToFileURL(path.resolve('build/index.js')).href);

// Where src/lib/server/process.ts keeps the services of a process.
const holder = globalThis as typeof globalThis & { talktimeServices?: Services };
const services = holder.talktimeServices;
if (!services) throw new Error('The built app has made no services.');

const { databaseUrl, databasePoolSize } = services.config;
// A pool without Drizzle over it, which takes the driver's own reading and writing of values away.
const sql = postgres(databaseUrl, { max: databasePoolSize, onnotice: () => {} });

Object.assign(services.lane, {
	submit(command: Command) {
		if (command.kind === 'apply_delivery') {
			return applyInTransaction(sql, command);
		}
		throw new Error(`This server applies deliveries only, not ${command.kind}.`);
	}
});
await services.hub.close();
