// Owns the three kinds of button: the one primary, the plain ones, and the round icon.
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';

interface Props {
  readonly onPress: () => void;
  readonly children: ReactNode;
  readonly isDisabled?: boolean;
  readonly testId?: string;
}

/** The next action. One a screen, always in the same place. */
export function Primary({ onPress, children, isDisabled = false, testId }: Props) {
  return (
    <Button className="primary" onPress={onPress} isDisabled={isDisabled} data-testid={testId}>
      {children}
    </Button>
  );
}

export function Plain(
  props: Props & { readonly look?: 'filled' | 'bad'; readonly fill?: boolean },
) {
  const look = props.look === undefined ? '' : `button-${props.look}`;
  return (
    <Button
      className={`button ${look} ${props.fill === true ? 'flex-1' : ''}`}
      onPress={props.onPress}
      isDisabled={props.isDisabled ?? false}
      data-testid={props.testId}
    >
      {props.children}
    </Button>
  );
}

export function IconButton({ label, ...props }: Props & { readonly label: string }) {
  return (
    <Button
      className="button button-icon"
      aria-label={label}
      onPress={props.onPress}
      isDisabled={props.isDisabled ?? false}
      data-testid={props.testId}
    >
      {props.children}
    </Button>
  );
}
