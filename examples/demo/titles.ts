import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { Category, City } from './places.ts';

/** A listing's title in the language of its city. */
export function title(random: BulkGenerator, city: City, category: Category): string {
  const spot = pick(random, city.spots);
  const form = random.integerBelow(5);
  const { words } = category;
  if (city.chinese) {
    const noun = pick(random, category.chineseNouns);
    const feature = pick(random, words.chineseFeatures);
    const perk = pick(random, words.chinesePerks);
    switch (form) {
      case 0:
        return `${spot}的${feature}${noun}`;
      case 1:
        return `${spot}${noun} · ${perk}`;
      case 2:
        return `${feature}${noun}，${spot}步行 ${3 + random.integerBelow(15)} 分钟`;
      case 3:
        return `${spot}${feature}${noun} ${101 + random.integerBelow(24) * 100 + random.integerBelow(8)}`;
      default:
        return `${city.name}${feature}${noun} · ${perk}`;
    }
  }
  const noun = pick(random, category.englishNouns);
  const adjective = pick(random, words.englishAdjectives);
  const perk = pick(random, words.englishPerks);
  switch (form) {
    case 0:
      return `${capital(noun)} by ${spot}`;
    case 1:
      return `${adjective} ${noun} near ${spot}`;
    case 2:
      return `${capital(spot)} ${noun}, ${perk}`;
    case 3:
      return `${adjective} ${noun} in ${city.name}, ${perk}`;
    default:
      return `${capital(noun)} ${3 + random.integerBelow(15)} min from ${spot}`;
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function pick(random: BulkGenerator, list: readonly string[]): string {
  return list[random.integerBelow(list.length)] ?? '';
}
