import { describe, expect, it } from 'vitest';
import { ada, bob, instant } from '../testing';
import { trimmed } from './message-length';
import { noticeText } from './notice-text';
import { textParts } from './text-parts';
import { dayText } from './time-text';

describe('the parts of a text', () => {
  const hrefs = (text: string): (string | null)[] => textParts(text).map((part) => part.href);

  it('are its addresses and the rest', () => {
    expect(textParts('see https://example.org/a?b=c#d now')).toEqual([
      { text: 'see ', href: null },
      { text: 'https://example.org/a?b=c#d', href: 'https://example.org/a?b=c#d' },
      { text: ' now', href: null },
    ]);
  });

  it('leave out what ends the sentence', () => {
    expect(hrefs('(https://example.org/a).')).toEqual([null, 'https://example.org/a', null]);
    expect(hrefs('https://example.org/Foo_(bar)')).toEqual(['https://example.org/Foo_(bar)']);
  });

  it('are never another scheme', () => {
    expect(hrefs('javascript:alert(1) data:text/html,x ftp://x')).toEqual([null]);
    expect(hrefs('http://')).toEqual([null]);
  });

  it('add up to the text', () => {
    const text = 'a https://x.org, <b>b</b> http://y.org/é "https://z.org"';
    expect(
      textParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
});

describe('what is sent', () => {
  it('loses the blank lines around it and nothing else', () => {
    expect(trimmed('\n  \n  code\n\n  more  \n\n')).toBe('  code\n\n  more');
    expect(trimmed('   ')).toBe('');
  });
});

describe('a notice', () => {
  const base = { kind: 'notice', position: 1, at: instant(0), user: bob, actor: bob } as const;

  it('says what happened to whom', () => {
    expect(noticeText({ ...base, change: 'JOINED' })).toBe('Bob joined');
    expect(noticeText({ ...base, change: 'KICKED', actor: ada })).toBe('Bob was removed by Ada');
    expect(noticeText({ ...base, change: 'SOMETHING_NEW' })).toBe('Something changed for Bob');
  });
});

describe('the name of a day', () => {
  const now = new Date(2026, 10, 20, 0, 30);
  const on = (...day: [number, number, number]): string => dayText(new Date(...day, 23, 59).toISOString(), now);

  it('is today and yesterday by the calendar', () => {
    expect(on(2026, 10, 20)).toBe('Today');
    expect(on(2026, 10, 19)).toBe('Yesterday');
  });

  it('has the year where it is another', () => {
    expect(on(2026, 10, 18)).not.toContain('2026');
    expect(on(2025, 10, 18)).toContain('2025');
  });
});
