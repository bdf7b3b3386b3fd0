import type { Transition } from '@callgate/plugin-callgate-common';
import type { Text } from '../../translation';
import { nameOf } from '../marks';

/** A step of a request's life as a sentence. */
export function stepText(t: Text, step: Transition): string {
  const who = step.actor ? nameOf(t, step.actor) : t('request.event.callgate');
  switch (step.event) {
    case 'submit':
    case 'approve':
    case 'reject':
    case 'withdraw':
    case 'revise':
      return t(`request.event.${step.event}`, { who });
    case 'break-glass':
      return t('glass.event.went');
    case 'confirm':
    case 'refuse':
      return t(`glass.event.${step.event}`, { who });
    case 'lapse':
      return t('glass.event.lapse');
    case 'ask-change':
      return t('request.event.ask_change', { who });
    case 'propose':
      return t(
        step.from === 'proposed'
          ? 'request.event.propose_again'
          : 'request.event.propose',
      );
    case 'supersede':
      return t(
        step.actor
          ? 'request.event.supersede'
          : 'request.event.supersede_itself',
      );
    case 'merge':
    case 'decline':
      return t(`request.event.${step.event}`);
    case 'ask-again':
      return t('request.event.ask_again');
    default:
      return t('request.event.other', {
        event: step.event,
        state: t(`requestState.${step.to}`),
      });
  }
}
