import type { Config } from '../config';

/** Every value of the configuration that nobody may read in a log. */
export function secretsOf(config: Config): string[] {
	const { twilio, exotel, bolna, stripe, recordingsS3 } = config;
	const secrets = [
		twilio?.authToken,
		twilio?.browser?.apiKeySecret,
		exotel?.apiKey,
		exotel?.apiToken,
		exotel?.webhook.key,
		bolna?.apiKey,
		bolna?.webhook.key,
		stripe?.secretKey,
		...(stripe?.webhookSecrets ?? []),
		recordingsS3?.secretAccessKey,
		config.metricsToken,
		passwordOf(config.databaseUrl),
		passwordOf(config.smtpUrl)
	];
	return secrets.filter((secret): secret is string => Boolean(secret));
}

function passwordOf(url: string | null): string | undefined {
	if (url === null || !URL.canParse(url)) return undefined;
	return decodeURIComponent(new URL(url).password);
}
