/** The OpenAPI 3.1 document of the REST calls, made of the schemas that they are checked with. */
import { RefusalAnswer } from './answers';
import { OPERATIONS, type Operation } from './operations';
import { responseSchema, type JsonSchema } from './request-schema';

const REFUSALS: Record<number, string> = {
	401: 'No token, or one that is not (any more) ours.',
	403: 'Not for this role, or not this organization.',
	404: 'There is no such thing.',
	422: 'The input is not valid: the sentence names the field.',
	429: 'Too often: Retry-After says when.'
};

export function openApiDocument(origin: string): object {
	const paths: Record<string, Record<string, object>> = {};
	for (const operation of OPERATIONS) {
		paths[operation.path] = {
			...paths[operation.path],
			[operation.method]: describeOperation(operation)
		};
	}
	return {
		openapi: '3.1.0',
		info: {
			title: 'Talktime',
			version: '1.0.0',
			description:
				"Prepaid talk time for calling teams. A token speaks for its person: a member's for their own organization, a super admin's for any, named by organization_id. Money is decimal text in dollars, times are UTC."
		},
		servers: [{ url: origin }],
		security: [{ token: [] }],
		paths,
		components: {
			securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
			schemas: { Refusal: responseSchema(RefusalAnswer) }
		}
	};
}

function describeOperation(operation: Operation): object {
	const { id, summary, body, status, answer, refusals } = operation;
	return {
		operationId: id,
		summary,
		parameters: [
			...parametersOf('path', operation.pathParameters),
			...parametersOf('query', operation.query),
			...Object.entries(operation.headers ?? {}).map(([name, description]) => ({
				name,
				in: 'header',
				description,
				schema: { type: 'string' }
			}))
		],
		...(body && { requestBody: { required: true, content: json(body) } }),
		responses: {
			[status]: { description: 'Done', content: json(responseSchema(answer)) },
			...Object.fromEntries(
				Object.entries({ ...REFUSALS, ...refusals }).map(([code, description]) => [
					code,
					{ description, content: json({ $ref: '#/components/schemas/Refusal' }) }
				])
			)
		}
	};
}

function parametersOf(place: 'path' | 'query', schema: JsonSchema | undefined): object[] {
	return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
		name,
		in: place,
		required: place === 'path' || (schema?.required ?? []).includes(name),
		schema: property
	}));
}

function json(schema: object): object {
	return { 'application/json': { schema } };
}
