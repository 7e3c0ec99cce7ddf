export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'stop' | 'stop-quiet';
export type ButtonSize = 'small' | 'medium' | 'large';

const BASE =
	'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap ' +
	'transition-tone select-none';

const VARIANTS: Record<ButtonVariant, string> = {
	primary: 'border-transparent bg-accent text-on-accent hover:bg-accent-strong',
	secondary: 'border-line-strong bg-surface text-ink hover:bg-sunken',
	ghost: 'border-transparent bg-transparent text-ink-soft hover:bg-sunken hover:text-ink',
	stop: 'border-transparent bg-stop-solid text-on-accent hover:bg-stop-strong',
	'stop-quiet': 'border-line-strong bg-surface text-stop hover:border-stop hover:bg-stop-soft'
};

const WAITING = 'border-line bg-sunken text-ink-muted';

const SIZES: Record<ButtonSize, string> = {
	small: 'h-7 px-2.5 text-table',
	medium: 'h-8 px-3 text-table',
	large: 'h-10 px-4 text-body'
};

const SQUARES: Record<ButtonSize, string> = {
	small: 'size-7',
	medium: 'size-8',
	large: 'size-10'
};

export function buttonClass(
	variant: ButtonVariant,
	size: ButtonSize,
	{ isSquare = false, isDisabled = false } = {}
): string {
	return [BASE, isDisabled ? WAITING : VARIANTS[variant], (isSquare ? SQUARES : SIZES)[size]].join(
		' '
	);
}
