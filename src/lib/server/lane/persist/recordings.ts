import { sql } from 'drizzle-orm';
import { joinRecordingNews, type RecordingNews, type TranscriptNews } from '$lib/domain/call/facts';
import type { Ledger } from '../ledger';
import { at, writePart, type Write } from './records';

const UPSERT_RECORDINGS = writePart(
	'recordings',
	(records) => sql`
	insert into recordings (organization_id, call_id, provider, key, source_url, state, seconds, channels)
	select "organizationId", "callId", provider, key, "sourceUrl", state, seconds, channels
	from json_to_recordset(${records}) as r("organizationId" int, "callId" uuid, provider text, key text,
		"sourceUrl" text, state text, seconds int, channels int)
	on conflict (call_id, key) do update set
		source_url = coalesce(nullif(excluded.source_url, ''), recordings.source_url),
		seconds = coalesce(excluded.seconds, recordings.seconds),
		channels = coalesce(excluded.channels, recordings.channels),
		state = case when recordings.attempts = 0 and (excluded.state, recordings.state) in
				(('pending', 'absent'), ('pending', 'failed'), ('failed', 'absent'))
			then excluded.state else recordings.state end`
);

const UPSERT_CALL_TRANSCRIPTS = writePart(
	'call_transcripts',
	(records) => sql`
	insert into call_transcripts as t (call_id, organization_id, transcript, summary, transcript_at, summary_at)
	select "callId", "organizationId", transcript, summary,
		case when transcript is not null then ${at('heardAtMs')} end,
		case when summary is not null then ${at('heardAtMs')} end
	from json_to_recordset(${records}) as r("callId" uuid, "organizationId" int, transcript text, summary text,
		"heardAtMs" bigint)
	on conflict (call_id) do update set
		transcript = case when ${isLater('transcript')} then excluded.transcript else t.transcript end,
		transcript_at = case when ${isLater('transcript')} then excluded.transcript_at else t.transcript_at end,
		summary = case when ${isLater('summary')} then excluded.summary else t.summary end,
		summary_at = case when ${isLater('summary')} then excluded.summary_at else t.summary_at end`
);

/** What providers recorded and wrote down. A row that is fetched or deleted already is never taken back. */
export function writeRecordings(ledger: Ledger, write: Write): void {
	write(oneEach(ledger.rows.recordings), UPSERT_RECORDINGS);
	// Later news of a batch goes after earlier news, each in a statement of its own row version.
	for (const news of ledger.rows.transcripts) writeTranscript(news, write);
}

function oneEach(all: RecordingNews[]): RecordingNews[] {
	const byKey = new Map<string, RecordingNews>();
	for (const news of all) {
		const key = `${news.callId}:${news.key}`;
		const before = byKey.get(key);
		byKey.set(key, before ? joinRecordingNews(before, news) : news);
	}
	return [...byKey.values()];
}

/** Of two transcripts, and of two summaries, the one heard later counts; null erases neither. */
function writeTranscript(news: TranscriptNews, write: Write): void {
	write([news], UPSERT_CALL_TRANSCRIPTS);
}

function isLater(column: 'transcript' | 'summary') {
	return sql.raw(
		`excluded.${column} is not null and (t.${column}_at is null or excluded.${column}_at >= t.${column}_at)`
	);
}
