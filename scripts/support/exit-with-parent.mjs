// Loaded into every child process (node --import): the channel to the parent closes however the parent
// ended, even by kill -9, and then the child drains as on SIGTERM and is gone soon after.
const DRAIN_MS = 6_000;

function endSoon() {
	setTimeout(() => process.exit(1), DRAIN_MS).unref();
	process.kill(process.pid, 'SIGTERM');
}

// The parent may be gone already.
if (!process.connected) process.exit(1);
process.once('disconnect', endSoon);
// Only the server itself is to keep the process alive, not this channel.
process.channel?.unref();
