import { DEMO_LOGINS, type DemoLogin } from '../demo/logins';
import { readConfigOnce } from '../process';

/** The logins of the demo data; none outside demo mode. */
export function demoLogins(): DemoLogin[] {
	return readConfigOnce().isDemo ? DEMO_LOGINS : [];
}
