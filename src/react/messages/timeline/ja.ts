import type { KycTimelineMessages } from './messages.ts'

/** Japanese. */
export const ja = {
  locale: 'ja',
  direction: 'ltr',
  review: 'none',

  title: '手続きの状況',
  loading: '最新の状況を読み込んでいます。',
  states: {
    todo: '未対応',
    sending: 'アップロード中',
    in_review: '確認中',
    action_needed: '対応が必要です',
    done: '完了',
    declined: '完了していません',
    expired: '期限切れ',
    unknown: '更新待ち',
    not_needed: '不要',
  },
  overall: {
    todo: 'まだ手続きが残っています。',
    sending: 'アップロードしています。',
    in_review: 'お送りいただいた内容を確認しています。今は何もしていただく必要はありません。',
    action_needed: 'お客様の対応が必要です。',
    done: 'すべての手続きが完了しました。',
    declined: '手続きを完了できませんでした。今後についてはお問い合わせください。',
    expired: '期限が切れた手続きがあります。もう一度始めてください。',
    unknown: '更新を待っています。',
  },
  steps: {
    'kyc-file': {
      name: '書類',
      in_review: '書類を確認しています。',
      action_needed:
        '書類を処理できませんでした。もう一度アップロードしてください。書類全体が写っていて、文字がはっきり読めるようにしてください。',
      done: '書類を受け取りました。',
    },
    poa: {
      name: '住所確認書類',
      in_review: '住所確認書類を確認しています。',
      action_needed: '別の住所確認書類が必要です。',
      done: '住所確認書類の手続きが完了しました。',
    },
    'kyc-verification': {
      name: '本人確認',
      in_review: 'お客様の情報を確認しています。時間がかかることがあります。',
      action_needed: '本人確認を終えるために、追加の対応が必要です。',
      done: '本人確認の手続きが完了しました。',
      declined: '本人確認を完了できませんでした。お問い合わせください。',
      expired: '本人確認が期限までに終わりませんでした。もう一度始めてください。',
    },
    'user-balance': {
      name: '口座',
      in_review: '口座を準備しています。',
      done: '口座の準備ができました。',
    },
  },
  anyStep: {
    sending: 'アップロードが終わるまで、このページを開いたままにしてください。',
    in_review: '今は何もしていただく必要はありません。',
    action_needed: 'この手続きには、お客様の対応が必要です。',
    declined: 'この手続きを完了できませんでした。お問い合わせください。',
    expired: 'この手続きは期限までに終わりませんでした。もう一度始めてください。',
    unknown: '更新がありますが、まだここに表示できません。後でもう一度ご覧ください。',
  },
  reasons: {
    unclear: '書類を読み取れません。全体が写った、より鮮明な写真をアップロードしてください。',
    other_document: 'この書類は使えません。別の書類をアップロードしてください。',
  },

  since: '開始：{time}',
  updated: '更新：{time}',
  spoken: '{step}：{state}。',

  connectionLost: '接続が切れています。回復すると、このページは自動的に更新されます。',
  connectionFailed: '現在、最新の状況を表示できません。ページを再読み込みしてください。',
  connectionBack: '接続が回復しました。',
  checkAgain: '更新',
  contact: 'お困りですか？',
} satisfies KycTimelineMessages
