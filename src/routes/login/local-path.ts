/** The path of `?next=` when it leads to a page of this site, else the start page. */
export function localPath(next: string | null, origin: string): string {
	if (!next?.startsWith('/') || !URL.canParse(next, origin)) return '/';
	const url = new URL(next, origin);
	return url.origin === origin ? url.pathname + url.search + url.hash : '/';
}
