const SAMPLES_PER_SECOND = 8_000;
const LONGEST_TONE_SECONDS = 2;
const TONE_HERTZ = 440;
const HEADER_BYTES = 44;

/** A soft tone as 8-bit mono WAV of at most 2 seconds, whatever the call lasted. */
export function toneWav(durationSeconds: number): Buffer {
	const samples = SAMPLES_PER_SECOND * Math.min(LONGEST_TONE_SECONDS, Math.max(1, durationSeconds));
	const wav = Buffer.alloc(HEADER_BYTES + samples);
	wav.write('RIFF', 0);
	wav.writeUInt32LE(HEADER_BYTES - 8 + samples, 4);
	wav.write('WAVEfmt ', 8);
	wav.writeUInt32LE(16, 16);
	wav.writeUInt16LE(1, 20);
	wav.writeUInt16LE(1, 22);
	wav.writeUInt32LE(SAMPLES_PER_SECOND, 24);
	wav.writeUInt32LE(SAMPLES_PER_SECOND, 28);
	wav.writeUInt16LE(1, 32);
	wav.writeUInt16LE(8, 34);
	wav.write('data', 36);
	wav.writeUInt32LE(samples, 40);
	for (let index = 0; index < samples; index++) {
		const angle = (2 * Math.PI * TONE_HERTZ * index) / SAMPLES_PER_SECOND;
		wav[HEADER_BYTES + index] = 128 + Math.round(24 * Math.sin(angle));
	}
	return wav;
}
