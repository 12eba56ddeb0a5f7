import { useEffect, useRef } from 'react';
import { noFilters, type ViewFilters } from '../../render/pictureLayer';
import { Button, Check } from '../../ui';
import { t } from '../../words';
import css from './TaskPage.module.css';

const sliders = ['brightness', 'contrast', 'saturation'] as const;

interface SettingsProps {
  readonly filters: ViewFilters;
  readonly onFilters: (filters: ViewFilters) => void;
  readonly onClose: () => void;
}

/** How the picture is looked at. Nothing of it is part of the label. */
export function ViewSettings({ filters, onFilters, onClose }: SettingsProps) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    panel.current?.querySelector('input')?.focus();
    const press = (event: PointerEvent) => {
      if (event.target instanceof Node && !panel.current?.parentElement?.contains(event.target)) onClose();
    };
    addEventListener('pointerdown', press);
    return () => removeEventListener('pointerdown', press);
  }, [onClose]);
  return (
    <div ref={panel} className={css.settings} role="dialog" aria-label={t('view.title')} onKeyDown={event => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      onClose();
    }}>
      <h2>{t('view.title')}</h2>
      {sliders.map(name => (
        <label key={name} className={css.slider}>
          <span>{t(`view.${name}`)}</span>
          <input type="range" min={0} max={name === 'saturation' ? 200 : 300} step={5} value={Math.round(filters[name] * 100)}
            onChange={event => onFilters({ ...filters, [name]: Number(event.target.value) / 100 })} onDoubleClick={() => onFilters({ ...filters, [name]: 1 })} />
          <output>{t('work.zoom', { percent: Math.round(filters[name] * 100) })}</output>
        </label>
      ))}
      <Check label={t('view.invert')} checked={filters.invert} onChange={event => onFilters({ ...filters, invert: event.target.checked })} />
      <p className={css.hint}>{t('view.note')}</p>
      <div className={css.end}><Button aria-disabled={filters === noFilters} onClick={() => onFilters(noFilters)}>{t('view.reset')}</Button></div>
    </div>
  );
}
