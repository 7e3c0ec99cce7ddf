/** A posted form as text fields. */
export async function readForm(request: Request): Promise<Record<string, string>> {
	const type = request.headers.get('content-type') ?? '';
	if (!type.includes('form')) return {};
	const form = await request.formData();
	const fields: Record<string, string> = {};
	for (const [name, value] of form) {
		if (typeof value === 'string') fields[name] = value;
	}
	return fields;
}
