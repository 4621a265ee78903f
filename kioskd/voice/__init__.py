"""The voice: a call becomes a sentence, a sentence becomes a WAV. Knows no hall and no thread of its own."""
