import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
	preprocess: vitePreprocess(),
	kit: {
		adapter: adapter(),
		// Kit's own check runs before hooks, in production builds only, and would refuse the providers'
		// form posts. Our origin guard in hooks.server.ts stands in its place for everything but webhooks.
		csrf: { trustedOrigins: ['*'] },
		csp: {
			mode: 'auto',
			directives: {
				'default-src': ['self'],
				'script-src': ['self'],
				'style-src': ['self', 'unsafe-inline'],
				'img-src': ['self', 'data:'],
				'font-src': ['self', 'data:'],
				// Twilio's Voice SDK: its signalling and its insights. The page speaks to nobody else.
				'connect-src': [
					'self',
					'wss://voice-js.roaming.twilio.com',
					'https://eventgw.twilio.com',
					'https://sdk.twilio.com'
				],
				'media-src': ['self', 'blob:', 'mediastream:', 'https://sdk.twilio.com'],
				'object-src': ['none'],
				'base-uri': ['self'],
				'form-action': ['self'],
				'frame-ancestors': ['none']
			}
		}
	}
};
