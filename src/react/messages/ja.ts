import type { KycMessages } from './messages.ts'

/** Japanese. */
export const ja = {
  locale: 'ja',
  direction: 'ltr',
  review: 'none',

  loading: { title: '書類の状況を取得しています', description: '少し時間がかかります。' },
  none: { title: '書類をお待ちしています', description: '追加されたかどうかを、ここに表示します。' },
  processing: {
    title: '書類を確認しています',
    description: '通常は1分もかかりません。このページを開いたままでかまいません。',
  },
  slow: {
    title: '書類の確認を続けています',
    description: '通常より時間がかかっています。もう一度アップロードする必要はありません。',
  },
  verySlow: {
    title: '書類はまだ確認中です',
    description: 'このページを離れて、後で戻ることができます。もう一度アップロードする必要はありません。',
  },
  added: { title: '書類が追加されました', description: '書類を受け取りました。' },
  error: {
    title: '書類を追加できませんでした',
    description: '書類に欠けた部分がなく、読みやすいことを確かめてから、もう一度アップロードしてください。',
  },
  errorPrefix: 'エラー：',
  spoken: '{title}。{description}',

  doubt: {
    missed:
      '結果の一部を受信できていない可能性があります。表示内容に誤りがあると思われる場合は、お問い合わせください。',
    owed: 'この結果は、以前に送信された書類に対するものである可能性があります。',
    extra: '書類の数より多くの結果が届いています。表示内容に誤りがあると思われる場合は、お問い合わせください。',
  },

  connectionLost:
    '接続が切れました。現在、新しい情報を表示できません。接続が回復すると、このページは自動的に更新されます。',
  connectionLostSent: '接続が切れました。書類は送信済みです。接続が回復すると、このページは自動的に更新されます。',
  connectionFailed: '現在、新しい情報を表示できません。もう一度試すには、このページを再読み込みしてください。',
  connectionBack: '接続が回復しました。',

  retry: 'もう一度試す',
  retryAvailable: 'もう一度お試しいただけます。',
  checkAgain: '状況をもう一度取得',
  live: 'このページは自動的に更新されます。',
  lastChecked: '最終取得：{time}',
  filesAdded: { other: '{total}件中{count}件のファイルが追加されました' },
  filesFailed: { other: '{count}件のファイルを追加できませんでした' },
  filesProgress: '確認が終わったファイル',

  upload: {
    label: { other: '書類' },
    choose: { other: 'ファイルを選択' },
    drop: 'またはここにドロップ',
    hint: '{types}、{size}未満',
    submit: { other: '{count}件のファイルをアップロード' },
    cancel: 'キャンセル',
    startOver: '最初からやり直す',
    files: 'ファイル',
    remove: '「{name}」を取り除く',
    retry: 'もう一度試す：「{name}」',
    sending: '「{name}」をアップロードしています',
    sent: '送信済み',
    queued: '待機中',
    canceled: '未送信',
    review: 'お送りいただいた内容を確認しています。',
    notSent: '「{name}」を送信できませんでした。接続を確かめてから、もう一度お試しください。',
    tooLarge: '「{name}」のサイズは{size}未満にしてください。',
    wrongType: '「{name}」は{types}のファイルにしてください。',
    empty: '「{name}」は空です。別のファイルを選択してください。',
    tooMany: { other: '選択できるファイルは{count}件までです。' },
  },
} satisfies KycMessages
