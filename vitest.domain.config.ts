import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Only the tests of the pure core, for the mutation tests: they run as often as there are mutants. */
export default defineConfig({
	resolve: { alias: { $lib: fileURLToPath(new URL('src/lib', import.meta.url)) } },
	test: { environment: 'node', include: ['src/lib/domain/**/*.test.ts'], testTimeout: 60_000 }
});
