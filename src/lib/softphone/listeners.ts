import type { SoftphoneEvent, SoftphoneListener } from './types';

/** Who listens to a device. */
export class Listeners {
	readonly #all = new Set<SoftphoneListener>();

	add(listener: SoftphoneListener): () => void {
		this.#all.add(listener);
		return () => this.#all.delete(listener);
	}

	tell(event: SoftphoneEvent): void {
		for (const listener of [...this.#all]) listener(event);
	}
}
