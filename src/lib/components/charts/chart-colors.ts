export interface ChartColors {
	/** The six of the set, always in the same order. */
	series: string[];
	ink: string;
	line: string;
	surface: string;
	font: string;
}

/**
 * The theme's tokens as a canvas takes them: it knows neither `light-dark()` nor variables, so each is
 * painted once and read back.
 */
export function readColors(element: HTMLElement): ChartColors {
	const probe = document.createElement('span');
	probe.hidden = true;
	element.parentElement?.append(probe);
	const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	const read = (token: string) => {
		probe.style.color = `var(${token})`;
		if (!paint) return '#888';
		paint.fillStyle = getComputedStyle(probe).color;
		paint.fillRect(0, 0, 1, 1);
		const [red, green, blue] = paint.getImageData(0, 0, 1, 1).data;
		return `rgb(${red}, ${green}, ${blue})`;
	};
	const colors = {
		series: [1, 2, 3, 4, 5, 6].map((place) => read(`--chart-${place}`)),
		ink: read('--ink-muted'),
		line: read('--line'),
		surface: read('--floating'),
		font: getComputedStyle(element).fontFamily
	};
	probe.remove();
	return colors;
}

/** The colour of what is not over yet. */
export function pale(color: string): string {
	return color.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.45)');
}
