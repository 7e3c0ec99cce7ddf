import type { Attachment } from 'svelte/attachments';

const FLASH_MS = 600;

/** Flashes the background of a row once when its version changes, unless motion is not wanted. */
export function flashOnChange(version: () => number | string | null): Attachment<HTMLElement> {
	return (node) => {
		let shown = version();
		$effect(() => {
			const next = version();
			if (next === shown) return;
			shown = next;
			if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
			node.animate(
				{ backgroundColor: ['var(--flash)', getComputedStyle(node).backgroundColor] },
				{
					duration: FLASH_MS,
					easing: 'ease-out'
				}
			);
		});
	};
}
