const REQUIRED = [20, 19];

/** Must stay readable to old versions of Node: it is what tells them. */
export function requireNodeVersion() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	const [requiredMajor = 0, requiredMinor = 0] = REQUIRED;
	if (major > requiredMajor || (major === requiredMajor && minor >= requiredMinor)) return;
	console.error(
		`Talktime needs Node ${REQUIRED.join('.')} or newer and this is Node ${process.versions.node}: install a newer one from https://nodejs.org.`
	);
	process.exit(1);
}
