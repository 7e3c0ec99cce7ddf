/** Signs out as a form does: a post that the server answers with the login page. */
export function signOut(): void {
	const form = document.createElement('form');
	form.method = 'POST';
	form.action = '/logout';
	document.body.append(form);
	form.submit();
}
