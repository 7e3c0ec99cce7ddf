import type { BolnaConfig } from '../../config';
import { openHttp, type HttpAnswer } from '../http';

/** Bolna's REST API (PROVIDERS.md 3.1, 3.5). */
export interface BolnaClient {
	call(body: object): Promise<HttpAnswer>;
	fetchExecution(executionId: string): Promise<HttpAnswer>;
	listExecutions(query: Record<string, string>): Promise<HttpAnswer>;
	stopCall(executionId: string): Promise<HttpAnswer>;
}

export function openBolna(config: BolnaConfig, timeoutMs: number): BolnaClient {
	const http = openHttp({
		name: 'Bolna',
		baseUrl: config.apiBaseUrl,
		authorization: `Bearer ${config.apiKey}`,
		timeoutMs
	});
	const named = (executionId: string) => encodeURIComponent(executionId);
	return {
		call: (json) => http.request('POST', '/call', { json }),
		fetchExecution: (executionId) => http.request('GET', `/executions/${named(executionId)}`),
		listExecutions: (query) =>
			http.request('GET', `/v2/agent/${config.agentId}/executions`, { query }),
		stopCall: (executionId) => http.request('POST', `/call/${named(executionId)}/stop`)
	};
}
