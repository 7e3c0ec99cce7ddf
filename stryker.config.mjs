/**
 * `npm run mutate [-- --mutate <files>]`: changes the rules of money one by one and lists the changes that no
 * unit test notices. What was measured is kept, and only what changed since is measured again.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	testRunner: 'vitest',
	vitest: { configFile: 'vitest.domain.config.ts', related: true },
	plugins: ['@stryker-mutator/vitest-runner'],
	mutate: [
		'src/lib/domain/money.ts',
		'src/lib/domain/call/billing.ts',
		'src/lib/domain/credit/{funding,rating,settlement}.ts',
		'src/lib/domain/lane/{allocations,consume,settle,slices}.ts'
	],
	// Of what a build leaves only the tsconfig that ours extends.
	ignorePatterns: [
		...['build', '.svelte-kit/*', '!.svelte-kit/tsconfig.json', 'test-results', '.talktime'],
		...['docs', 'static', 'drizzle']
	],
	coverageAnalysis: 'perTest',
	concurrency: 2,
	incremental: true,
	incrementalFile: 'test-results/stryker.json',
	tempDirName: 'test-results/stryker',
	reporters: ['clear-text', 'progress-append-only'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	thresholds: { high: 90, low: 80, break: null }
};
