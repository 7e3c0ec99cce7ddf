import AudioLines from '@lucide/svelte/icons/audio-lines';
import Ban from '@lucide/svelte/icons/ban';
import BellRing from '@lucide/svelte/icons/bell-ring';
import Check from '@lucide/svelte/icons/check';
import PhoneOutgoing from '@lucide/svelte/icons/phone-outgoing';
import X from '@lucide/svelte/icons/x';
import type { Component } from 'svelte';
import type { CallStatus } from '$lib/domain/call/status';
import type { Tone } from '../ui/Pill.svelte';

interface StatusLook {
	icon: Component<{ size?: number | string }>;
	tone: Tone;
}

export const STATUS_LOOKS: Record<CallStatus, StatusLook> = {
	initiated: { icon: PhoneOutgoing, tone: 'live' },
	ringing: { icon: BellRing, tone: 'live' },
	in_progress: { icon: AudioLines, tone: 'live' },
	completed: { icon: Check, tone: 'good' },
	failed: { icon: X, tone: 'stop' },
	cancelled: { icon: Ban, tone: 'neutral' }
};
