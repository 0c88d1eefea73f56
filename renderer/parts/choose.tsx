// Owns the choice of one of a few: a scanner's speed, a printer's model.
import { ChevronDown } from 'lucide-react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';

interface Choice {
  readonly id: string;
  readonly name: string;
}

export function Choose(props: {
  readonly label: string;
  readonly selected: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (id: string) => void;
  readonly isDisabled: boolean;
}) {
  return (
    <Select
      selectedKey={props.selected}
      onSelectionChange={(key) => props.onChoose(String(key))}
      isDisabled={props.isDisabled}
      className="flex min-w-0 flex-col gap-1"
    >
      <Label className="text-s text-soft">{props.label}</Label>
      <Button className="button min-h-11">
        <SelectValue className="min-w-0 flex-1 truncate text-start" />
        <ChevronDown size={18} aria-hidden className="flex-none" />
      </Button>
      <Popover className="rounded-m border border-line bg-panel p-1 text-ink shadow-pop">
        <ListBox className="max-h-96 overflow-y-auto">
          {props.choices.map(({ id, name }) => (
            <ListBoxItem key={id} id={id} className="option min-w-64">
              {name}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
