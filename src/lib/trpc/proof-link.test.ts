import { TRPCClientError, type Operation } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { describe, expect, it } from 'vitest';
import { proofLink } from './proof-link';

const OPERATION = {
	id: 1,
	type: 'mutation',
	path: 'admin.wallet.adjust',
	input: { requestId: 'r1' }
};

function refusal(appCode: string): TRPCClientError<never> {
	const error = new TRPCClientError<never>('Nothing was changed.');
	// What the server's error formatter adds.
	return Object.assign(error, { data: { code: 'FORBIDDEN', appCode } });
}

/** Sends through the link; each entry of `answers` is what one request is answered with. */
function sendThrough(answers: (string | Error)[], askForProof: () => Promise<boolean>) {
	const sent: unknown[] = [];
	const link = proofLink(askForProof)({});
	const answered = new Promise<string>((resolve) => {
		link({
			op: OPERATION as unknown as Operation, // the link reads nothing else of it
			next: (op) =>
				observable((observer) => {
					sent.push(op.input);
					const answer = answers.shift() ?? 'nothing';
					if (answer instanceof Error) observer.error(answer as TRPCClientError<never>);
					else observer.next({ result: { data: answer } });
				})
		}).subscribe({
			next: ({ result }) => resolve('data' in result ? String(result.data) : 'no data'),
			error: (error) => resolve(`refused: ${error.message}`)
		});
	});
	return { sent, answered };
}

describe('proofLink', () => {
	it('given an answer, when it comes, then nobody is asked', async () => {
		const { answered } = sendThrough(['done'], () => Promise.reject(new Error('asked')));
		expect(await answered).toBe('done');
	});

	it('given sudo_required, when it is proved, then the same input is sent once more', async () => {
		const { sent, answered } = sendThrough([refusal('sudo_required'), 'done'], async () => true);
		expect(await answered).toBe('done');
		expect(sent).toEqual([{ requestId: 'r1' }, { requestId: 'r1' }]);
	});

	it('given sudo_required, when it is not proved, then the refusal is read and nothing sent', async () => {
		const { sent, answered } = sendThrough([refusal('sudo_required')], async () => false);
		expect(await answered).toBe('refused: Nothing was changed.');
		expect(sent).toHaveLength(1);
	});

	it('given sudo_required twice, when it was proved once, then it is not asked for again', async () => {
		let asked = 0;
		const twice = [refusal('sudo_required'), refusal('sudo_required')];
		const { answered } = sendThrough(twice, async () => ++asked > 0);
		expect(await answered).toBe('refused: Nothing was changed.');
		expect(asked).toBe(1);
	});

	it('given any other refusal, when it comes, then it is read as it is', async () => {
		const { answered } = sendThrough([refusal('forbidden')], () =>
			Promise.reject(new Error('asked'))
		);
		expect(await answered).toBe('refused: Nothing was changed.');
	});
});
