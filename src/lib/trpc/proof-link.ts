import { TRPCClientError, type Operation, type TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { AppRouter } from '$lib/server/trpc/router';

/**
 * Goes on with what asked for a fresh proof: has the person give one, then sends the same operation once
 * more, with the same request id. Who would not prove it reads the server's refusal.
 */
export function proofLink(askForProof: () => Promise<boolean>): TRPCLink<AppRouter> {
	return () =>
		({ next, op }) =>
			observable((observer) => {
				let sent: Unsubscribable | null = null;
				let isLeft = false;
				const send = (operation: Operation, isProved: boolean) => {
					sent = next(operation).subscribe({
						next: (value) => observer.next(value),
						complete: () => observer.complete(),
						error(error) {
							if (isProved || !needsProof(error)) return observer.error(error);
							void askForProof().then((isNowProved) => {
								if (isLeft) return;
								if (isNowProved) send(operation, true);
								else observer.error(error);
							});
						}
					});
				};
				send(op, false);
				return () => {
					isLeft = true;
					sent?.unsubscribe();
				};
			});
}

function needsProof(error: unknown): boolean {
	if (!(error instanceof TRPCClientError)) return false;
	const answer: unknown = error.data;
	return (
		typeof answer === 'object' &&
		answer !== null &&
		'appCode' in answer &&
		answer.appCode === 'sudo_required'
	);
}
