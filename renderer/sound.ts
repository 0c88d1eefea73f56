// Owns the two sounds of the till: taken, and not taken. The words always say it too.

let context: AudioContext | null = null;

function tone(at: number, hertz: number, seconds: number, audio: AudioContext): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0.12, at);
  gain.gain.exponentialRampToValueAtTime(0.001, at + seconds);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + seconds);
}

/** Before the first key or touch a browser keeps silent, and so does this. */
export function play(sound: 'good' | 'bad'): void {
  context ??= new AudioContext();
  if (context.state !== 'running') {
    void context.resume();
    return;
  }
  const now = context.currentTime;
  if (sound === 'good') return tone(now, 1320, 0.07, context);
  tone(now, 330, 0.14, context);
  tone(now + 0.18, 247, 0.2, context);
}
