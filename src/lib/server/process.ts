/**
 * The services of the web process: made once, on first use, and kept across hot reloads of this module.
 */
import { readConfig, type Config } from './config';
import { createServices, type Services } from './services';

const holder = globalThis as typeof globalThis & {
	talktimeServices?: Services;
	talktimeConfig?: Config;
};

export function readConfigOnce(): Config {
	return (holder.talktimeConfig ??= readConfig(process.env));
}

export function getServices(): Services {
	return (holder.talktimeServices ??= createServices(readConfigOnce()));
}
