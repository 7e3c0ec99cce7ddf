import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { S3Config } from '../config';
import type { RecordingStore } from './store';

const PREFIX = 'recordings/';

/** Recordings in storage that speaks S3. The SDK is large, and loaded when the first file is. */
export function openS3Store(config: S3Config): RecordingStore {
	let opened: ReturnType<typeof openClient> | null = null;
	const connect = () => (opened ??= openClient(config));
	const at = (key: string) => ({ Bucket: config.bucket, Key: PREFIX + key });
	return {
		async put(key, file) {
			const { sdk, client } = await connect();
			await client.send(
				new sdk.PutObjectCommand({
					...at(key),
					Body: createReadStream(file.path),
					ContentLength: file.bytes,
					ContentType: file.contentType
				})
			);
			await rm(file.path, { force: true });
		},
		async read(key, range) {
			const { sdk, client } = await connect();
			const Range = range ? `bytes=${range.start}-${range.end}` : undefined;
			try {
				const { Body } = await client.send(new sdk.GetObjectCommand({ ...at(key), Range }));
				return Body ? Body.transformToWebStream() : null;
			} catch (error) {
				if (error instanceof sdk.NoSuchKey) return null;
				throw error;
			}
		},
		async delete(key) {
			const { sdk, client } = await connect();
			await client.send(new sdk.DeleteObjectCommand(at(key)));
		}
	};
}

async function openClient({ endpoint, region, accessKeyId, secretAccessKey }: S3Config) {
	const sdk = await import('@aws-sdk/client-s3');
	const client = new sdk.S3Client({
		endpoint,
		region,
		credentials: { accessKeyId, secretAccessKey },
		// What storage other than Amazon's understands: the bucket in the path, no checksum trailers.
		forcePathStyle: true,
		requestChecksumCalculation: 'WHEN_REQUIRED',
		responseChecksumValidation: 'WHEN_REQUIRED'
	});
	return { sdk, client };
}
