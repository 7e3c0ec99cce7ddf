const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The keys of the command menu as this keyboard names them. */
export const COMMAND_KEYS = isApple ? '⌘ K' : 'Ctrl K';
