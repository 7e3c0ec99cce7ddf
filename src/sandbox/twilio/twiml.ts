/** One verb or noun of a TwiML answer. */
export interface TwimlElement {
	name: string;
	attributes: Readonly<Record<string, string>>;
	children: TwimlElement[];
	text: string;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
	return text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
		if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
		if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
		return ENTITIES[name] ?? whole;
	});
}

function readAttributes(text: string): Record<string, string> {
	const pairs = text.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
	return Object.fromEntries(
		[...pairs].map(([, name = '', double, single]) => [name, decode(double ?? single ?? '')])
	);
}

/** Reads a TwiML document: the verbs inside `<Response>`. Throws when it is not one. */
export function readTwiml(xml: string): TwimlElement[] {
	const root: TwimlElement = { name: '', attributes: {}, children: [], text: '' };
	const open = [root];
	const tokens = xml
		.replace(/<\?[^]*?\?>|<!--[^]*?-->/g, '')
		.matchAll(/<(\/?)([\w:-]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)/g);
	for (const [, isClosing, name = '', attributes = '', isEmpty, text] of tokens) {
		const parent = open.at(-1) ?? root;
		if (text !== undefined) parent.text += decode(text);
		else if (isClosing === '/') {
			if (open.pop()?.name !== name) throw new Error(`TwiML: </${name}> closes nothing`);
		} else {
			const element = { name, attributes: readAttributes(attributes), children: [], text: '' };
			parent.children.push(element);
			if (isEmpty !== '/') open.push(element);
		}
	}
	const [response, ...rest] = root.children;
	if (open.length !== 1 || response?.name !== 'Response' || rest.length > 0) {
		throw new Error('TwiML: the document must be one <Response>');
	}
	return response.children;
}
