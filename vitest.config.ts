import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Not Kit's plugin: it writes .svelte-kit anew, and the build that runs beside the tests would be
// made of two halves, a server that speaks of another version than its client.
export default defineConfig({
	plugins: [svelte()],
	resolve: { alias: { $lib: fileURLToPath(new URL('src/lib', import.meta.url)) } },
	test: {
		// What is awaited may take long on a busy machine: only a test's own limit ends it.
		expect: { poll: { timeout: 60_000 } },
		projects: [
			{
				extends: true,
				test: {
					name: 'unit',
					environment: 'node',
					include: ['src/**/*.test.ts', 'tests/*.test.ts'],
					testTimeout: 60_000
				}
			},
			{
				extends: true,
				test: {
					name: 'db',
					environment: 'node',
					include: ['tests/db/**/*.test.ts', 'tests/simulation/**/*.test.ts'],
					globalSetup: ['tests/support/global-database.ts'],
					testTimeout: 180_000,
					hookTimeout: 120_000,
					maxWorkers: 2,
					// Each file has a database of its own and nothing else to share; the server's modules and
					// the providers' SDKs are loaded once per worker, not once per file.
					isolate: false,
					// After the unit tests where both are asked for: those have another number of workers.
					sequence: { groupOrder: 1 }
				}
			}
		]
	}
});
