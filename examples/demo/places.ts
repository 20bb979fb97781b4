/** Where users live. Names are in the language of the place, as an international product shows them. */
export interface Region {
  readonly name: string;
  readonly weight: number;
  /** Hours east of Greenwich; when people there open the app. */
  readonly offset: number;
  readonly language: string;
}

export const regions: readonly Region[] = [
  { name: '华东', weight: 0.27, offset: 8, language: 'zh-CN' },
  { name: '华北', weight: 0.17, offset: 8, language: 'zh-CN' },
  { name: '华南', weight: 0.15, offset: 8, language: 'zh-CN' },
  { name: '西南', weight: 0.11, offset: 8, language: 'zh-CN' },
  { name: 'Japan', weight: 0.06, offset: 9, language: 'ja' },
  { name: 'Southeast Asia', weight: 0.08, offset: 7, language: 'en' },
  { name: 'Europe', weight: 0.09, offset: 1, language: 'en' },
  { name: 'North America', weight: 0.07, offset: -5, language: 'en' },
];

export interface City {
  readonly name: string;
  /** Index into `regions`. */
  readonly region: number;
  /** Share of the corpus, relative. */
  readonly weight: number;
  /** A usual night, in yuan. */
  readonly price: number;
  readonly chinese: boolean;
  readonly spots: readonly string[];
}

function zh(name: string, region: number, weight: number, price: number, ...spots: string[]): City {
  return { name, region, weight, price, chinese: true, spots };
}
function en(name: string, region: number, weight: number, price: number, ...spots: string[]): City {
  return { name, region, weight, price, chinese: false, spots };
}

export const cities: readonly City[] = [
  zh('上海', 0, 16, 520, '外滩', '武康路', '静安寺', '田子坊', '徐家汇', '苏州河畔'),
  zh('北京', 1, 15, 480, '什刹海', '南锣鼓巷', '后海', '国贸', '雍和宫', '五道口'),
  zh('杭州', 0, 13, 430, '西湖边', '河坊街', '龙井村', '良渚', '运河旁', '满觉陇'),
  zh('成都', 3, 11, 320, '宽窄巷子', '玉林路', '太古里', '武侯祠', '望平街', '青城山下'),
  zh('大理', 3, 7, 300, '洱海边', '古城北门', '双廊', '喜洲', '才村码头', '苍山脚下'),
  zh('广州', 2, 8, 330, '东山口', '沙面', '珠江新城', '北京路', '荔湾湖', '天河'),
  zh('西安', 1, 7, 280, '钟楼', '城墙根下', '回民街', '大唐不夜城', '小雁塔', '永兴坊'),
  zh('厦门', 0, 6, 360, '鼓浪屿', '曾厝垵', '沙坡尾', '环岛路', '厦大旁', '中山路'),
  zh('重庆', 3, 6, 270, '洪崖洞', '解放碑', '南山', '十八梯', '观音桥', '磁器口'),
  zh('深圳', 2, 5, 450, '华侨城', '南头古城', '海上世界', '大鹏', '福田', '深圳湾'),
  zh('苏州', 0, 4, 380, '平江路', '山塘街', '金鸡湖', '拙政园旁', '葑门', '阳澄湖'),
  zh('丽江', 3, 4, 290, '束河古镇', '大研古城', '玉龙雪山下', '白沙', '狮子山', '拉市海'),
  zh('三亚', 2, 4, 560, '亚龙湾', '后海村', '三亚湾', '大东海', '海棠湾', '椰梦长廊'),
  zh('南京', 0, 3, 310, '夫子庙', '颐和路', '玄武湖', '老门东', '鸡鸣寺', '新街口'),
  zh('青岛', 1, 3, 340, '八大关', '栈桥', '小麦岛', '大学路', '崂山', '五四广场'),
  zh('桂林', 2, 2, 240, '阳朔西街', '漓江边', '遇龙河', '兴坪', '象鼻山', '龙脊梯田'),
  en('Kyoto', 4, 6, 690, 'the Kamo', 'Gion', 'Arashiyama', 'Nishiki Market', 'Fushimi Inari', 'Nijō Castle'),
  en('Tokyo', 4, 7, 720, 'Yanaka', 'Shimokitazawa', 'Asakusa', 'Nakameguro', 'Ueno Park', 'Shinjuku Gyoen'),
  en('Bangkok', 5, 5, 260, 'Phra Khanong', 'Ari', 'the Chao Phraya', 'Thonglor', 'Talat Noi', 'Lumphini Park'),
  en('Chiang Mai', 5, 3, 190, 'Nimman', 'the Old City', 'Wat Ket', 'the Ping River', 'Santitham', 'Doi Suthep'),
  en('Singapore', 5, 3, 780, 'Tiong Bahru', 'Joo Chiat', 'Little India', 'East Coast Park', 'Katong', 'Robertson Quay'),
  en('Lisboa', 6, 5, 520, 'Alfama', 'Graça', 'Bairro Alto', 'the Tejo', 'Campo de Ourique', 'Príncipe Real'),
  en(
    'Paris',
    6,
    7,
    880,
    'Montmartre',
    'Canal Saint-Martin',
    'the Marais',
    'Belleville',
    'Buttes-Chaumont',
    'rue Mouffetard',
  ),
  en('London', 6, 7, 920, 'Little Venice', 'Shoreditch', 'Hampstead Heath', 'Columbia Road', 'Brixton', 'Bermondsey'),
  en('Barcelona', 6, 4, 610, 'Gràcia', 'El Born', 'Poblenou', 'Montjuïc', 'Sant Antoni', 'the Barceloneta'),
  en('New York', 7, 8, 1080, 'Park Slope', 'Astoria', 'the High Line', 'Bushwick', 'Fort Greene', 'Sunset Park'),
  en(
    'San Francisco',
    7,
    4,
    1010,
    'the Mission',
    'Noe Valley',
    'North Beach',
    'Golden Gate Park',
    'Bernal Heights',
    'the Presidio',
  ),
  en('Mexico City', 7, 3, 340, 'Roma Norte', 'Coyoacán', 'La Condesa', 'San Rafael', 'Chapultepec', 'Juárez'),
];

export interface Category {
  readonly chinese: string;
  readonly english: string;
  readonly weight: number;
  /** Price against a usual night. */
  readonly price: number;
  readonly chineseNouns: readonly string[];
  readonly englishNouns: readonly string[];
  readonly words: Words;
}

/** Words that go with a noun in a title. */
interface Words {
  readonly chineseFeatures: readonly string[];
  readonly chinesePerks: readonly string[];
  readonly englishAdjectives: readonly string[];
  readonly englishPerks: readonly string[];
}

const stay: Words = {
  chineseFeatures: [
    '露台',
    '落地窗',
    '复古',
    '日式',
    '亲子',
    '安静',
    '阳光',
    '顶楼',
    '带院子',
    '可做饭',
    '宠物友好',
    '设计师',
  ],
  chinesePerks: [
    '近地铁',
    '含早',
    '可停车',
    '免费接站',
    '智能门锁',
    '有投影',
    '有浴缸',
    '可月租',
    '新装修',
    '楼上有猫',
  ],
  englishAdjectives: [
    'Sunny',
    'Quiet',
    'Bright',
    'Artist’s',
    'Cosy',
    'Spacious',
    'Rooftop',
    'Restored',
    'Minimal',
    'Family',
    'Charming',
    'Green',
  ],
  englishPerks: [
    'river view',
    'fast wifi',
    'near the metro',
    'roof terrace',
    'two bikes included',
    'breakfast included',
    'late check-in',
    'with a cat',
    'newly renovated',
    'free parking',
  ],
};

const outing: Words = {
  chineseFeatures: ['清晨', '夜间', '亲子', '慢节奏', '小团', '老街坊'],
  chinesePerks: ['三小时', '含茶点', '双语', '雨天可改期', '包接送', '两人成行'],
  englishAdjectives: ['Early', 'Evening', 'Family', 'Small-group', 'Slow', 'Rainy-day'],
  englishPerks: [
    'three hours',
    'snacks included',
    'in two languages',
    'hotel pick-up',
    'from two people',
    'free rebooking',
  ],
};

export const categories: readonly Category[] = [
  {
    chinese: '整套 / 公寓',
    english: 'Entire home / Apartment',
    weight: 30,
    price: 1,
    chineseNouns: ['公寓', '一居室', '两居室', '法式老洋房', '江景房'],
    englishNouns: ['apartment', 'studio', 'loft', 'flat', 'one-bedroom'],
    words: stay,
  },
  {
    chinese: '整套 / 别墅',
    english: 'Entire home / Villa',
    weight: 9,
    price: 2.6,
    chineseNouns: ['别墅', '泳池别墅', '林间别墅', '家庭别墅'],
    englishNouns: ['villa', 'garden villa', 'brownstone', 'townhouse'],
    words: stay,
  },
  {
    chinese: '整套 / 庭院',
    english: 'Entire home / Courtyard house',
    weight: 11,
    price: 1.7,
    chineseNouns: ['小院', '庭院三居', '四合院东厢房', '天井老宅', '茶园小院'],
    englishNouns: ['courtyard house', 'machiya', 'patio house', 'garden house'],
    words: stay,
  },
  {
    chinese: '独立房间 / 民宿',
    english: 'Private room / Guesthouse',
    weight: 20,
    price: 0.7,
    chineseNouns: ['民宿', '民宿大床房', '双人房', '阁楼房'],
    englishNouns: ['guesthouse', 'private room', 'double room', 'attic room'],
    words: stay,
  },
  {
    chinese: '独立房间 / 客栈',
    english: 'Private room / Inn',
    weight: 12,
    price: 0.6,
    chineseNouns: ['客栈', '白族客栈', '客栈观景房', '老客栈'],
    englishNouns: ['inn', 'riverside inn', 'room in an old inn', 'twin room'],
    words: stay,
  },
  {
    chinese: '合住 / 床位',
    english: 'Shared room / Hostel bed',
    weight: 7,
    price: 0.25,
    chineseNouns: ['青旅床位', '太空舱', '女生四人间', '背包客床位'],
    englishNouns: ['hostel bed', 'capsule', 'shared flat', 'bunk in a four-bed room'],
    words: stay,
  },
  {
    chinese: '特色 / 露营',
    english: 'Unique stay / Glamping',
    weight: 4,
    price: 1.3,
    chineseNouns: ['帐篷营地', '房车营地', '星空泡泡屋', '树屋'],
    englishNouns: ['canal boat', 'houseboat', 'tree house', 'tiny house'],
    words: stay,
  },
  {
    chinese: '体验 / 本地向导',
    english: 'Experience / Local guide',
    weight: 7,
    price: 0.45,
    chineseNouns: ['徒步向导', '小吃夜游', '摄影陪拍', '手作体验'],
    englishNouns: ['walking tour', 'street food night', 'pottery class', 'photo walk'],
    words: outing,
  },
];
