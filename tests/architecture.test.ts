/** The house rules of DESIGN.md section 5, read from the imports of every file under src. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import {
	callTRPCProcedure,
	TRPCError,
	type AnyTRPCProcedure,
	type AnyTRPCRouter
} from '@trpc/server';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { isAllowed, PERMISSIONS, ROLES, type Permission } from '../src/lib/domain/permissions';
import type { Caller, Context } from '../src/lib/server/context';
import { findCycles } from './support/find-cycles';
import { findSilentTables } from './support/find-silent-tables';

const ROOT = path.resolve(import.meta.dirname, '..');
const LINES_MAX = 400;
const SERVER = 'src/lib/server/';
const BROWSER_ONLY = ['src/lib/components/', 'src/lib/state/', 'src/lib/softphone/'];

interface Import {
	file: string;
	/** A path from the root for our own files, the package name or virtual module otherwise. */
	target: string;
	isTypeOnly: boolean;
}

interface Rule {
	says: string;
	appliesTo: (file: string) => boolean;
	allows: (one: Import) => boolean;
}

function listFiles(folder: string): string[] {
	return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
		.filter((file) => /\.(ts|svelte)$/.test(file));
}

function scriptOf(file: string): string {
	const text = readFileSync(path.join(ROOT, file), 'utf8');
	if (!file.endsWith('.svelte')) return text;
	return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)]
		.map(([, code]) => code)
		.join('\n');
}

function resolveTarget(file: string, specifier: string): string {
	const isOurs = specifier.startsWith('$lib') || specifier.startsWith('.');
	if (!isOurs) return specifier;
	const bare = specifier.startsWith('$lib')
		? specifier.replace('$lib', 'src/lib')
		: path.posix.join(path.posix.dirname(file), specifier);
	const endings = ['', '.ts', '.svelte', '.svelte.ts', '/index.ts'];
	const found = endings.find((ending) => {
		const whole = path.join(ROOT, bare + ending);
		return existsSync(whole) && statSync(whole).isFile();
	});
	return bare + (found ?? '');
}

function isTypeOnlyImport(node: ts.ImportDeclaration): boolean {
	const clause = node.importClause;
	if (!clause) return false;
	if (clause.isTypeOnly) return true;
	const { namedBindings } = clause;
	const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
	return !clause.name && named.length > 0 && named.every((element) => element.isTypeOnly);
}

function importsOf(file: string): Import[] {
	const source = ts.createSourceFile(file, scriptOf(file), ts.ScriptTarget.Latest);
	const imports: Import[] = [];
	const add = (specifier: ts.Node | undefined, isTypeOnly: boolean) => {
		if (!specifier || !ts.isStringLiteralLike(specifier)) return;
		imports.push({ file, target: resolveTarget(file, specifier.text), isTypeOnly });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnlyImport(node));
		else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
		else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
			add(node.argument.literal, true);
		} else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
			add(node.arguments[0], false);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return imports;
}

const allFiles = listFiles('src');
const isTest = (file: string) => /\.test\.ts$|\/test-support\.ts$/.test(file);
const files = allFiles.filter((file) => !isTest(file));
const imports = files.flatMap(importsOf);

const isIn = (file: string, ...places: string[]) =>
	places.some((place) => file === place || (place.endsWith('/') && file.startsWith(place)));
const isPackage = (target: string, ...names: string[]) =>
	names.some((name) => target === name || target.startsWith(`${name}/`));
const server = (...names: string[]) => names.map((name) => SERVER + name);
const speaksSql = (target: string) =>
	isPackage(target, 'drizzle-orm', 'postgres') || isIn(target, `${SERVER}db/`);
const isRoom = (file: string) => file.startsWith(SERVER);

const RULES: Rule[] = [
	{
		says: 'domain imports only domain and libphonenumber-js',
		appliesTo: (file) => isIn(file, 'src/lib/domain/'),
		allows: ({ target }) =>
			isIn(target, 'src/lib/domain/') || isPackage(target, 'libphonenumber-js')
	},
	{
		says: 'inputs import only domain, inputs and zod',
		appliesTo: (file) => isIn(file, 'src/lib/inputs/'),
		allows: ({ target }) =>
			isIn(target, 'src/lib/domain/', 'src/lib/inputs/') || isPackage(target, 'zod')
	},
	{
		says: 'views import only views and types of domain',
		appliesTo: (file) => isIn(file, 'src/lib/views/'),
		allows: ({ target, isTypeOnly }) =>
			isIn(target, 'src/lib/views/') || (isTypeOnly && isIn(target, 'src/lib/domain/'))
	},
	{
		says: 'what runs in a browser never imports server',
		appliesTo: (file) =>
			isIn(file, ...BROWSER_ONLY, 'src/lib/inputs/', 'src/lib/domain/') ||
			(isIn(file, 'src/routes/') && /\.svelte$|\/\+(page|layout)\.ts$/.test(file)),
		allows: ({ target }) => !isIn(target, SERVER) && !/\.server(\.ts)?$/.test(target)
	},
	{
		says: 'the tRPC client knows of the server only the type of its router',
		appliesTo: (file) => isIn(file, 'src/lib/trpc/'),
		allows: ({ target, isTypeOnly }) =>
			!isIn(target, SERVER) || (isTypeOnly && target === `${SERVER}trpc/router.ts`)
	},
	{
		says: 'server never imports pages, components or browser state',
		appliesTo: isRoom,
		allows: ({ target }) => !isIn(target, 'src/routes/', 'src/lib/trpc/', ...BROWSER_ONLY)
	},
	{
		says: 'providers never touch the database, the lane or a verb',
		appliesTo: (file) => isIn(file, `${SERVER}providers/`),
		allows: ({ target }) =>
			!speaksSql(target) &&
			(!isIn(target, SERVER) || isIn(target, ...server('providers/', 'config.ts')))
	},
	{
		says: 'a provider knows no other provider',
		appliesTo: (file) => /\/providers\/[^/]+\//.test(file),
		allows: ({ file, target }) =>
			!/\/providers\/[^/]+\//.test(target) || path.dirname(target) === path.dirname(file)
	},
	{
		says: 'routes import only verbs and http helpers of the server',
		appliesTo: (file) => isIn(file, 'src/routes/'),
		allows: ({ target }) =>
			!speaksSql(target) &&
			!isIn(target, ...server('lane/', 'live/', 'providers/', 'jobs/', 'demo/', 'trpc/')) &&
			!isIn(target, ...server('services.ts', 'config.ts', 'process.ts', 'log.ts'))
	},
	{
		says: 'trpc imports only verbs, and of the lane only what it refuses with',
		appliesTo: (file) => isIn(file, `${SERVER}trpc/`),
		allows: ({ target }) =>
			!speaksSql(target) &&
			!isIn(target, ...server('providers/', 'jobs/', 'demo/', 'http/', 'webhooks/')) &&
			(!isIn(target, `${SERVER}lane/`) || target === `${SERVER}lane/lane.ts`)
	},
	{
		says: 'the lane imports only domain, db and the types of views',
		appliesTo: (file) => isIn(file, `${SERVER}lane/`),
		allows: ({ target, isTypeOnly }) =>
			isIn(target, 'src/lib/domain/', ...server('lane/', 'db/')) ||
			isPackage(target, 'drizzle-orm') ||
			(isTypeOnly && isIn(target, 'src/lib/views/'))
	},
	{
		says: 'what the lane reads and writes with is its own: others import lane.ts and views.ts',
		appliesTo: (file) => !isIn(file, `${SERVER}lane/`),
		allows: ({ target }) =>
			!isIn(target, `${SERVER}lane/`) || isIn(target, ...server('lane/lane.ts', 'lane/views.ts'))
	},
	{
		says: 'the database room imports nothing above it',
		appliesTo: (file) => isIn(file, `${SERVER}db/`),
		allows: ({ target }) => !isIn(target, SERVER) || isIn(target, `${SERVER}db/`)
	},
	{
		says: 'water flows one way: no verb, lane or job imports http or trpc',
		appliesTo: (file) => isRoom(file) && !isIn(file, ...server('http/', 'trpc/')),
		allows: ({ target }) => !isIn(target, ...server('http/', 'trpc/'))
	},
	{
		says: 'the sandbox imports nothing of the app',
		appliesTo: (file) => isIn(file, 'src/sandbox/'),
		allows: ({ target }) => !target.startsWith('src/') || isIn(target, 'src/sandbox/')
	},
	{
		says: 'the app imports nothing of the sandbox',
		appliesTo: (file) => !isIn(file, 'src/sandbox/'),
		allows: ({ target }) => !isIn(target, 'src/sandbox/')
	}
];

/** Files in which the text stands, apart from those that may hold it. */
function filesWith(text: RegExp, folder: string, allowed: string[] = []): string[] {
	return files.filter(
		(file) => isIn(file, folder) && !allowed.includes(file) && text.test(scriptOf(file))
	);
}

describe('given the imports of every file under src', () => {
	it('when they are read, then the reading sees what is there', () => {
		expect(files.length).toBeGreaterThan(150);
		const sees = (file: string, target: string, isTypeOnly: boolean) =>
			expect(imports).toContainEqual({ file, target, isTypeOnly });
		sees('src/lib/trpc/client.ts', `${SERVER}trpc/router.ts`, true);
		sees(`${SERVER}lane/lane.ts`, 'src/lib/domain/lane/decide.ts', false);
		sees(`${SERVER}lane/lane.ts`, `${SERVER}lane/read.ts`, false);
		sees(`${SERVER}lane/read/queries.ts`, 'drizzle-orm', false);
		sees('src/routes/(app)/+layout.svelte', 'src/lib/state/app-state.svelte.ts', false);
	});

	for (const { says, appliesTo, allows } of RULES) {
		it(`then ${says}`, () => {
			expect(files.filter(appliesTo), `no file is left for: ${says}`).not.toEqual([]);
			const breaches = imports
				.filter((one) => appliesTo(one.file) && !allows(one))
				.map(({ file, target }) => `${file} imports ${target}, but ${says}`);
			expect(breaches).toEqual([]);
		});
	}

	it('then no files of the server import each other in a circle', () => {
		const edges = new Map<string, string[]>();
		for (const { file, target, isTypeOnly } of imports) {
			if (isTypeOnly || !isRoom(file) || !isRoom(target)) continue;
			edges.set(file, [...(edges.get(file) ?? []), target]);
		}
		expect(edges.size).toBeGreaterThan(50);
		expect(findCycles(edges)).toEqual([]);
		expect(
			findCycles(
				new Map([
					['a', ['b']],
					['b', ['c']],
					['c', ['b']]
				])
			)
		).toEqual(['b -> c -> b']);
	});
});

describe('given the text of every file', () => {
	it('then only the start of a process reads its environment', () => {
		const readers = [...server('config.ts', 'process.ts'), 'src/sandbox/main.ts'];
		const reads = /\bprocess\s*\.\s*env\b|\$env\/|\bimport\.meta\.env\b/;
		const breaches = filesWith(reads, 'src/', readers);
		const says = 'reads the environment, but only config.ts, process.ts and scripts may';
		expect(breaches.map((file) => `${file} ${says}`)).toEqual([]);
	});

	it('then nothing in src/lib writes to the console', () => {
		const breaches = filesWith(/\bconsole\s*\./, 'src/lib/');
		expect(breaches.map((file) => `${file} uses console, but server code logs with pino`)).toEqual(
			[]
		);
	});

	it('then only services.ts opens a lane', () => {
		const breaches = filesWith(/\bnew Lane\(/, 'src/', server('services.ts'));
		expect(breaches.map((file) => `${file} opens a lane, but a process has one`)).toEqual([]);
	});

	it('then every table of the schema says in a migration whose its rows are', () => {
		expect(findSilentTables(ROOT)).toEqual([]);
	});

	it(`then no file is longer than ${LINES_MAX} lines`, () => {
		const breaches = [...allFiles, ...listFiles('tests'), ...listFiles('scripts')]
			.map((file) => ({
				file,
				lines: readFileSync(path.join(ROOT, file), 'utf8').trimEnd().split('\n').length
			}))
			.filter(({ lines }) => lines > LINES_MAX)
			.map(({ file, lines }) => `${file} has ${lines} lines, but a file has at most ${LINES_MAX}`);
		expect(breaches).toEqual([]);
	});
});

interface Procedure {
	path: string;
	type: 'query' | 'mutation' | 'subscription';
	permission: Permission | null;
}

/** Read inside a test, so that a server that cannot even be imported does not silence the rules above. */
async function openRouter(): Promise<{ router: AnyTRPCRouter; procedures: Procedure[] }> {
	const { appRouter } = await import('../src/lib/server/trpc/router');
	const router: AnyTRPCRouter = appRouter;
	const flat: Record<string, AnyTRPCProcedure> = router._def.procedures;
	const procedures = Object.entries(flat).map(([path, { _def }]) => ({
		path,
		type: _def.type,
		permission: permissionOf(_def.meta)
	}));
	return { router, procedures };
}

function permissionOf(meta: unknown): Permission | null {
	const named =
		typeof meta === 'object' && meta !== null && 'permission' in meta ? meta.permission : null;
	const known = Object.keys(PERMISSIONS) as Permission[];
	return known.find((permission) => permission === named) ?? null;
}

/** A context whose services throw when they are reached: what is refused is refused before that. */
function contextOf(caller: Caller): Context {
	const services = new Proxy({} as Context['services'], {
		get() {
			throw new Error('a service was reached');
		}
	});
	return { caller, nowMs: 0, services };
}

async function answerOf(
	router: AnyTRPCRouter,
	{ path, type }: Procedure,
	caller: Caller
): Promise<string> {
	try {
		await callTRPCProcedure({
			router,
			path,
			type,
			ctx: contextOf(caller),
			getRawInput: () => Promise.resolve({}),
			signal: undefined,
			batchIndex: 0
		});
	} catch (error) {
		const codes = ['UNAUTHORIZED', 'FORBIDDEN'];
		if (error instanceof TRPCError && codes.includes(error.code)) return error.code;
	}
	return 'let through';
}

function personOf(role: (typeof ROLES)[number]): Caller {
	const organizationId = role === 'super_admin' ? null : 1;
	const names = { name: 'Ravi', email: 'ravi@asha.example', organizationName: null, phone: null };
	const person = { userId: 'user-1', role, organizationId, ...names };
	return { kind: 'person', person, session: { id: 'session-1', provedAtMs: 0 } };
}

describe('given every tRPC procedure', () => {
	it('then each names a permission that exists', async () => {
		const { procedures } = await openRouter();
		expect(procedures.length).toBeGreaterThan(10);
		const breaches = procedures
			.filter(({ permission }) => permission === null)
			.map(({ path }) => `procedure ${path} names no permission of domain/permissions.ts`);
		expect(breaches).toEqual([]);
	});

	it('when nobody is signed in, then each refuses', async () => {
		const { router, procedures } = await openRouter();
		for (const procedure of procedures) {
			const answer = await answerOf(router, procedure, { kind: 'anonymous' });
			expect(answer, `procedure ${procedure.path}, nobody signed in`).toBe('UNAUTHORIZED');
		}
	});

	it.each(ROLES)(
		'when %s asks, then its permission decides, before input or services',
		async (role) => {
			const { router, procedures } = await openRouter();
			for (const procedure of procedures) {
				const { path, permission } = procedure;
				const isLet = permission !== null && isAllowed(role, permission);
				const answer = await answerOf(router, procedure, personOf(role));
				expect(answer, `procedure ${path}, asked by ${role}`).toBe(
					isLet ? 'let through' : 'FORBIDDEN'
				);
			}
		}
	);
});
