import { describe, expect, it } from 'vitest';
import { browserTwiml, emptyTwiml, refusalTwiml } from './twiml';

const ORIGIN = 'https://talktime.example';
const request = {
	callId: '01900000-0000-7000-8000-000000000001',
	from: '+12025550199',
	to: '+14155550161',
	timeLimitSeconds: 540,
	isRecorded: false,
	detectsMachine: false
};
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const url = (door: string) => `${ORIGIN}/api/twilio/${door}?call=${request.callId}#rc=3&amp;rp=all`;

describe('given a browser that may be put through', () => {
	it('then the number carries the callbacks, and the limit is what was held', () => {
		expect(browserTwiml(request, ORIGIN)).toBe(
			`${HEAD}<Response><Dial callerId="+12025550199" answerOnBridge="true" timeLimit="540" timeout="45"` +
				` action="${url('dialled')}"><Number statusCallback="${url('status')}"` +
				` statusCallbackEvent="initiated ringing answered completed">+14155550161</Number></Dial></Response>`
		);
	});

	it('when the organisation records and detects machines, then both are asked for', () => {
		const twiml = browserTwiml({ ...request, isRecorded: true, detectsMachine: true }, ORIGIN);
		expect(twiml).toContain(
			`record="record-from-answer-dual" recordingStatusCallback="${url('recording')}"` +
				` recordingStatusCallbackEvent="completed absent"`
		);
		expect(twiml).toContain(`machineDetection="Enable" amdStatusCallback="${url('amd')}"`);
	});
});

describe('given a call that goes no further', () => {
	it('when it is refused, then a sentence is said, nothing is dialled and it hangs up', () => {
		expect(refusalTwiml('Too <late> & gone.')).toBe(
			`${HEAD}<Response><Say>Too &lt;late&gt; &amp; gone.</Say><Hangup/></Response>`
		);
	});

	it('when it is over, then nothing is to be done', () => {
		expect(emptyTwiml()).toBe(`${HEAD}<Response/>`);
	});
});
