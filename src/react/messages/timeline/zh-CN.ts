import type { KycTimelineMessages } from './messages.ts'

/** Chinese in simplified characters. */
export const zhCN = {
  locale: 'zh-CN',
  direction: 'ltr',
  review: 'none',

  title: '您的进度',
  loading: '正在读取最新状态。',
  states: {
    todo: '待办',
    sending: '正在上传',
    in_review: '审核中',
    action_needed: '需要您处理',
    done: '已完成',
    declined: '未完成',
    expired: '已超时',
    unknown: '等待更新',
    not_needed: '无需办理',
  },
  overall: {
    todo: '还有步骤需要办理。',
    sending: '正在上传您的文件。',
    in_review: '我们正在查看您提交的内容。您现在无需操作。',
    action_needed: '我们需要您处理一些事项。',
    done: '所有步骤均已完成。',
    declined: '我们未能完成办理。请联系我们，了解您可以怎么做。',
    expired: '有一个步骤已超时。请重新开始。',
    unknown: '我们正在等待更新。',
  },
  steps: {
    'kyc-file': {
      name: '您的证件',
      in_review: '我们正在查看您的证件。',
      action_needed: '我们未能处理您的证件。请重新上传，并确保证件完整可见、文字清晰。',
      done: '我们已收到您的证件。',
    },
    poa: {
      name: '地址证明',
      in_review: '我们正在查看您的地址证明。',
      action_needed: '我们需要您提供另一份地址证明。',
      done: '地址证明步骤已完成。',
    },
    'kyc-verification': {
      name: '身份验证',
      in_review: '我们正在查看您的资料。这可能需要一些时间。',
      action_needed: '我们需要您补充一些内容，才能完成身份验证。',
      done: '身份验证步骤已完成。',
      declined: '我们未能完成您的身份验证。请联系我们。',
      expired: '您的身份验证未在规定时间内完成。请重新开始。',
    },
    'user-balance': {
      name: '您的账户',
      in_review: '我们正在为您开设账户。',
      done: '您的账户已开设。',
    },
  },
  anyStep: {
    sending: '请在上传结束前保持此页面打开。',
    in_review: '您现在无需操作。',
    action_needed: '此步骤需要您处理。',
    declined: '我们未能完成此步骤。请联系我们。',
    expired: '此步骤未在规定时间内完成。请重新开始。',
    unknown: '有新的更新，但暂时无法在此显示。请稍后再来查看。',
  },
  reasons: {
    unclear: '我们无法看清您的材料。请上传一张更清晰、内容完整的照片。',
    other_document: '我们无法使用这份材料。请上传另一份。',
  },

  since: '开始于 {time}',
  updated: '更新于 {time}',
  spoken: '{step}：{state}。',

  connectionLost: '网络已断开。恢复后，此页面会自动更新。',
  connectionFailed: '目前无法显示最新状态。请重新加载此页面。',
  connectionBack: '连接已恢复。',
  checkAgain: '刷新',
  contact: '需要帮助吗？',
} satisfies KycTimelineMessages
